// What `import … from 'unweave'` is in the workbench: the engine, with executors that take the place the page chose and tell what they ran.

export * from '../../engine';
export { openExecutor } from './watched';
