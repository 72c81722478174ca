// `Symbol.dispose`, where the runtime has none: Safari, Firefox before 141 and Chrome before 134 run everything else here. Imported by every module whose
// classes are disposable, before they are made, since a class without the symbol would have a method called "undefined".

if ((Symbol as { dispose?: symbol }).dispose === undefined)
  // The name that code lowered from `using` looks for.
  Object.defineProperty(Symbol, 'dispose', { value: Symbol.for('Symbol.dispose') });

export {};
