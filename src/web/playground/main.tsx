// The playground's page.

import { mount } from '../kit/page';
import { App } from './app';

mount(<App />);
