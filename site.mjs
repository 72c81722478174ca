// The pages as static files: `npm run build` puts them into site/, for any host and any path; `npm start` builds them and serves them here.

import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, dirname, extname, join, normalize, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { withoutMaps } from './build.mjs';
import { importBundled } from './bundled.mjs';
import { cpuKernels } from './cpu.mjs';
import { buildGuide } from './guide.mjs';
import { wgsl } from './wgsl.mjs';

const root = dirname(fileURLToPath(import.meta.url));
export const SITE = join(root, 'site');

/** Pages by file: title, description, script, and what its script may do beyond those of the same place. */
const PAGES = {
  'index.html': {
    title: 'Unweave: playground',
    description:
      'Two posteriors trained side by side in the browser, and the difference between them with its interval.',
    heading: 'Does a representation carry its information factor by factor?',
    script: 'playground',
    data: ['recorded.json'],
  },
  'theory.html': {
    title: 'Unweave: theory lab',
    description:
      'When does a latent carry its information by itself? Sliders over worlds in which every answer is exact.',
    heading: 'When does a latent carry its information by itself?',
    script: 'theory',
  },
  'kernels.html': {
    title: 'Unweave: kernels',
    description: 'How fast is every kernel on this machine? Roofline, comparison, and the sources side by side.',
    heading: 'How fast is every kernel here?',
    script: 'kernels',
  },
  'workbench.html': {
    title: 'Unweave: workbench',
    description: 'Write a graph, run it on the GPU or the CPU, and see what runs.',
    heading: 'Write a graph, and see what runs',
    script: 'workbench',
    data: ['samples.json'],
    blobs: true,
  },
  'report.html': {
    title: 'Unweave: report',
    description: 'What a study found, with its figures and tables: the recorded run, or one of your own.',
    heading: 'What a study found',
    script: 'report',
    data: ['recorded.json'],
  },
};

/** What the pages and their workers are made of, by the name they are served under. */
const SCRIPTS = {
  playground: 'src/web/playground/main.tsx',
  analysis: 'src/web/playground/analysis.ts',
  theory: 'src/web/theory/app.tsx',
  estimates: 'src/web/theory/estimates.ts',
  kernels: 'src/web/kernels/app.tsx',
  benchWorker: 'src/web/kernels/benchWorker.ts',
  workbench: 'src/web/workbench/app.tsx',
  runner: 'src/web/workbench/runner.ts',
  report: 'src/web/report/app.tsx',
  lab: 'src/web/lab/worker.ts',
};

/** No script from elsewhere, no `eval`; WebAssembly may be compiled. Plot puts a style into its figures. */
const policy = ({ blobs = false }) =>
  [
    "default-src 'self'",
    `script-src 'self' 'wasm-unsafe-eval'${blobs ? ' blob:' : ''}`,
    `worker-src 'self'${blobs ? ' blob:' : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/** `needs`: what the page will ask for at once, so that it is fetched side by side. */
const html = ({ title, heading, description, script, blobs }, needs, first) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy({ blobs })}">
<title>${title}</title>
<meta name="description" content="${description}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
${needs.map((file) => `<link rel="${file.endsWith('.js') ? 'modulepreload' : 'preload" as="fetch" crossorigin="anonymous'}" href="${file}">`).join('\n')}
<script type="module" src="${script}.js"></script>
</head>
<body>
<div id="app"><main><h1>${heading}</h1><p class="lead">${description}</p>${first}</main><noscript><p>${description} The page computes by itself, so it needs JavaScript.</p></noscript></div>
</body>
</html>
`;

const lines = (text) => text.split('\n');

/** What a file says of itself: its first comment. */
function aboutOf(text) {
  const end = lines(text).findIndex((line) => !line.startsWith('//'));
  return lines(text)
    .slice(0, end)
    .filter((line) => !line.startsWith('// uses'))
    .map((line) => line.replace(/^\/\/ ?/, ''))
    .join(' ')
    .trim();
}

/** Every kernel with the files that are it: WGSL, the ops that use it, AssemblyScript of that name, or of its family's. */
async function kernelSources() {
  const read = async (path) => ({ path, text: await readFile(join(root, path), 'utf8') });
  const folder = async (path, ending) =>
    Promise.all(
      (await readdir(join(root, path)))
        .filter((name) => name.endsWith(ending))
        .sort()
        .map((name) => read(`${path}/${name}`)),
    );
  const shaders = await folder('src/shaders', '.wgsl');
  const cpu = await folder('src/engine/cpu/kernels', '.ts');
  const users = [
    ...(await folder('src/engine/ops', '.ts')),
    ...(await folder('src/engine/optim', '.ts')),
    ...(await folder('src/data', '.ts')),
  ];
  return shaders.map((shader) => {
    const name = basename(shader.path, '.wgsl');
    // `reduce_rows` is `reduce` on a CPU: what is the same there has one file.
    const own = cpu.filter(({ path }) => [name, name.split('_')[0]].includes(basename(path, '.ts')));
    const best = own.filter(({ path }) => basename(path, '.ts') === name);
    const ops = users.filter(({ text }) => text.includes(`/${name}.wgsl`));
    return { name, about: aboutOf(shader.text), files: [...ops, shader, ...(best.length > 0 ? best : own)] };
  });
}

/** The samples of docs/samples, in order: group and title from their names and first lines. */
async function samples() {
  const names = (await readdir(join(root, 'docs/samples'), { recursive: true }))
    .filter((name) => name.endsWith('.js'))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(root, 'docs/samples', name), 'utf8');
      const [group, file] = name.split(sep);
      const id = file.replace(/^\d+-|\.js$/g, '');
      return {
        id,
        group: group.replace(/^\d+-/, ''),
        title: lines(text)[0].replace(/^\/\/ /, ''),
        code: text.replace(/\n\/\* prints\n[\s\S]*$/, ''),
      };
    }),
  );
}

/** What the workbench's code imports: built by itself, since other pages pay for what they use only. */
const LIBRARY = {
  unweave: 'src/web/workbench/library.ts',
  cpu: 'src/engine/cpu/index.ts',
  data: 'src/data/index.ts',
  models: 'src/models/index.ts',
  metrics: 'src/metrics/index.ts',
  testing: 'src/engine/testing.ts',
};

/** What the recorded run found, to be read before any script has run. */
async function recordedHtml() {
  const { summaryHtml } = await importBundled('src/web/playground/summary.ts');
  return summaryHtml(JSON.parse(await readFile(join(root, 'src/web/recorded/recorded.json'), 'utf8')));
}

/** The modules that a page's script imports, and the data it asks for. */
function needsOf({ outputs }, { script, data = [] }) {
  const [[entry]] = Object.entries(outputs).filter(([path]) => basename(path) === `${script}.js`);
  const found = new Set();
  const walk = (path) => {
    for (const { path: next, kind } of outputs[path].imports)
      if (kind === 'import-statement' && !found.has(next)) {
        found.add(next);
        walk(next);
      }
  };
  walk(entry);
  return [...[...found].map((path) => basename(path)), ...data];
}

/** Builds the pages into `outdir`. Modules that several pages or workers share are files of their own. */
export async function buildSite(outdir = SITE, { reference = false } = {}) {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const shared = {
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [wgsl, cpuKernels, withoutMaps],
    chunkNames: 'part-[hash]',
    logLevel: 'warning',
    metafile: true,
  };
  const entryPoints = { ...SCRIPTS, style: 'src/web/kit/style.css' };
  const { metafile } = await esbuild.build({ ...shared, entryPoints, outdir });
  await esbuild.build({ ...shared, entryPoints: LIBRARY, outdir: join(outdir, 'library') });
  await writeFile(join(outdir, 'samples.json'), JSON.stringify(await samples()));
  const recorded = await recordedHtml();
  for (const [file, page] of Object.entries(PAGES)) {
    const first = page.data?.includes('recorded.json') ? recorded : '';
    await writeFile(join(outdir, file), html(page, needsOf(metafile, page), first));
  }
  await writeFile(join(outdir, 'sources.json'), JSON.stringify(await kernelSources()));
  await buildGuide(outdir, { reference });
  await cp(join(root, 'src/web/recorded'), outdir, { recursive: true });
  return metafile;
}

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** Serves a folder on 127.0.0.1, under `path`, and nothing outside it; `headers` go with every answer. */
export async function serveFolder(folder, { port = 0, path = '/', headers = {} } = {}) {
  const server = createServer(async (request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = normalize(join(folder, asked.slice(path.length - 1).replace(/\/$/, '/index.html')));
    const answer = (status, type = 'text/plain', body = '') =>
      response.writeHead(status, { ...headers, 'Content-Type': type }).end(body);
    if (!asked.startsWith(path) || !file.startsWith(folder + sep)) return answer(404);
    return readFile(file).then(
      (body) => answer(200, TYPES[extname(file)] ?? 'application/octet-stream', body),
      () => answer(404, 'text/plain', 'There is no such page.'),
    );
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${server.address().port}${path}` };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const onlyBuild = process.argv.includes('--only-build');
  await buildSite(SITE, { reference: onlyBuild });
  if (onlyBuild) {
    execFileSync(process.execPath, [join(root, 'node_modules/typedoc/bin/typedoc')], { cwd: root, stdio: 'inherit' });
    process.exit();
  }
  const { url } = await serveFolder(SITE, { port: Number(process.env.PORT ?? 8000) }).catch(() => serveFolder(SITE));
  console.log(`Unweave's pages are at ${url} (Ctrl-C ends it).`);
}
