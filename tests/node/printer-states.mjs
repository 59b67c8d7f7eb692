// Asks receipt printers on port 9100 how they are with receiptio, which is not ours.
// In: their addresses as arguments. Out: a JSON array of its words for their states.
import { print } from 'receiptio';

const asked = process.argv.slice(2).map((host) => print('', `-d ${host} -q printer`));
process.stdout.write(JSON.stringify(await Promise.all(asked)));
