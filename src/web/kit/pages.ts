// The pages, in the order of every page's navigation; the guide's static ones have it from here, too.

export const pages = [
  { name: 'playground', file: 'index.html', title: 'Playground' },
  { name: 'theory', file: 'theory.html', title: 'Theory lab' },
  { name: 'kernels', file: 'kernels.html', title: 'Kernels' },
  { name: 'workbench', file: 'workbench.html', title: 'Workbench' },
  { name: 'report', file: 'report.html', title: 'Report' },
  { name: 'guide', file: 'docs/guide/README.html', title: 'Guide' },
] as const;
export type PageName = (typeof pages)[number]['name'];
