// The public face of the CPU executor: `import { CpuDevice } from 'unweave/cpu'`.

export { CpuDevice, type CpuOptions } from './device';
