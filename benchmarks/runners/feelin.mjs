// feelin, run with Node.
// Rules of this file: what its documentation shows. It has no compiled form to keep: whoever
// evaluates parses, so the rows that need one are not there.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { answer } from './protocol.mjs';

const require = createRequire(path.join(process.argv[2], 'package.json'));
const { evaluate, parseExpression } = await import(pathToFileURL(require.resolve('feelin')));

function compare(got, expected) {
  if (got !== expected) throw new Error(`${got} is answered, ${expected} is right`);
}

await answer({
  compile: (model) => {
    const { text, inputs } = JSON.parse(model);
    return () => parseExpression(text, inputs);
  },
  both: (model) => {
    const { text, inputs } = JSON.parse(model);
    return () => compare(evaluate(text, inputs).value, true);
  },
  decide: (model, expected) => {
    const { rows, inputs } = JSON.parse(model);
    return () => compare(rows.findIndex((row) => evaluate(row, inputs).value === true), expected);
  },
});
