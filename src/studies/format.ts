// Numbers as the report and the command line print them.

/** `digits` decimals, without the sign of a rounded 0; a dash for what is no number, or null, as JSON has it. */
export const fixed = (value: number | null, digits = 3): string =>
  value === null || Number.isNaN(value) ? '–' : value.toFixed(digits).replace(/^-(0\.0*)$/, '$1');
