// The playground's page.

import { render } from 'preact';
import { App } from './app';

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no place for the playground');
root.replaceChildren();
render(<App />, root);
