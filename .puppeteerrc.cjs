// An install that downloads a browser fails as a whole where there is no network, so the browser is found
// (or installed) by `unweave` itself when it is first needed: see src/cli/browser.ts.
module.exports = { skipDownload: true };
