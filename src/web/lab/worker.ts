// The worker of the playground: what it makes is kept in the browser's database.

import { openDatabase } from '../store/database';
import { serveLab } from './serve';

serveLab(openDatabase);
