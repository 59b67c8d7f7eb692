// Reads what goes to a receipt printer with npos, an ESC/POS parser that is not ours.
// In: a JSON array of base64 streams on standard input. Out: for each the commands in order; a
// picture with its dots as rows of 0 and 1.
import { readFileSync } from 'node:fs';
import npos from 'npos';

const parser = npos.parser();

function dots(raw, node) {
  const image = npos.codecs.raster.decode(raw, [{ ...node }]);
  return Array.from({ length: node.height }, (_, y) =>
    Array.from({ length: node.width }, (_, x) => (image.getPixel(x, y) === 0 ? '1' : '0')).join(''));
}

async function commands(stream) {
  const raw = Buffer.from(stream, 'base64');
  const { tree } = await parser.parse(raw);
  return tree.map((node) => {
    const name = `${node.ascii} ${node.fn}`;
    if (node.fn === 'v0') return { name, rows: dots(raw, node) };
    const from = node.offset + 1 + node.fn.length;
    return { name, args: [...raw.subarray(from, node.offset + node.length)] };
  });
}

const streams = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(await Promise.all(streams.map(commands))));
