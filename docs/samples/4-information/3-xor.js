// Exclusive or: each latent alone knows nothing, both together everything
import { discreteInformation } from 'unweave/metrics';

const outcomes = [0, 1].flatMap((x) => [0, 1].map((z) => ({ x, z: [z, x ^ z], probability: 0.25 })));
const { information, conditionalInformation } = discreteInformation(outcomes);
console.log('I', information[0].toFixed(3), 'C', conditionalInformation[0].toFixed(3), 'nats');

/* prints
I 0.000 C 0.693 nats
*/
