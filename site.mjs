// The pages as static files: `npm run build` puts them into site/, for any host and any path; `npm start` builds them and serves them here.

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { cpuKernels } from './cpu.mjs';
import { wgsl } from './wgsl.mjs';

const root = dirname(fileURLToPath(import.meta.url));
export const SITE = join(root, 'site');

/** Pages by file: title, description, script, and what its script may do beyond those of the same place. */
const PAGES = {
  'index.html': {
    title: 'Unweave: playground',
    description:
      'Two posteriors trained side by side in the browser, and the difference between them with its interval.',
    script: 'playground',
  },
  'theory.html': {
    title: 'Unweave: theory lab',
    description:
      'When does a latent carry its information by itself? Sliders over worlds in which every answer is exact.',
    script: 'theory',
  },
};

/** What the pages and their workers are made of, by the name they are served under. */
const SCRIPTS = {
  playground: 'src/web/playground/main.tsx',
  analysis: 'src/web/playground/analysis.ts',
  theory: 'src/web/theory/app.tsx',
  estimates: 'src/web/theory/estimates.ts',
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

const html = ({ title, description, script, blobs }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy({ blobs })}">
<title>${title}</title>
<meta name="description" content="${description}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
<script type="module" src="${script}.js"></script>
</head>
<body>
<div id="app"><noscript><p>${description} The page computes by itself, so it needs JavaScript.</p></noscript></div>
</body>
</html>
`;

/** Builds the pages into `outdir`. Modules that several pages or workers share are files of their own. */
export async function buildSite(outdir = SITE) {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { ...SCRIPTS, style: 'src/web/kit/style.css' },
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [wgsl, cpuKernels],
    outdir,
    chunkNames: 'part-[hash]',
    logLevel: 'warning',
    metafile: true,
  });
  for (const [file, page] of Object.entries(PAGES)) await writeFile(join(outdir, file), html(page));
  await cp(join(root, 'src/web/recorded'), outdir, { recursive: true });
  return metafile;
}

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.png': 'image/png',
};

/** Serves a folder on 127.0.0.1, under `path`, and nothing outside it. */
export async function serveFolder(folder, { port = 0, path = '/' } = {}) {
  const server = createServer(async (request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = normalize(join(folder, asked.slice(path.length - 1).replace(/\/$/, '/index.html')));
    const answer = (status, type = 'text/plain', body = '') =>
      response.writeHead(status, { 'Content-Type': type }).end(body);
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
  await buildSite();
  if (process.argv.includes('--only-build')) process.exit();
  const { url } = await serveFolder(SITE, { port: Number(process.env.PORT ?? 8000) }).catch(() => serveFolder(SITE));
  console.log(`Unweave's pages are at ${url} (Ctrl-C ends it).`);
}
