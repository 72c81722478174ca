// Numbers as the report and the command line print them.

/** `digits` decimals, without the sign of a rounded 0. */
export const fixed = (value: number, digits = 3): string => value.toFixed(digits).replace(/^-(0\.0*)$/, '$1');
