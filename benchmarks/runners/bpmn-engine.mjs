// bpmn-engine, run with Node: asked as protocol.mjs says.
// Rules of this file: what its documentation shows; the counting step is a service function.
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { answer } from './protocol.mjs';

const require = createRequire(path.join(process.argv[2], 'package.json'));
const { Engine } = require('bpmn-engine');

// The engine reads a source once into a context; running from it does not parse again.
async function context(source) {
  return new Engine({ name: 'parse', source })._serializeSource(source);
}

function prepareRun(sourceContext, expected) {
  let n = 0;
  const own = {
    count(scope, done) {
      n += 1;
      done();
    },
    below: (limit) => n < limit,
    reached: (limit) => n >= limit,
  };
  return async () => {
    n = 0;
    const engine = new Engine({ name: 'run', sourceContext, services: own });
    await new Promise((resolve, reject) => {
      engine.execute({}, (error) => (error ? reject(error) : resolve()));
    });
    if (n !== expected) throw new Error(`${n} steps were counted`);
  };
}

async function prepareSaved(sourceContext, expected, synchronous) {
  const { DatabaseSync } = await import('node:sqlite');
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'bench-')), 'cases.sqlite3');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode=WAL');
  database.exec(`PRAGMA synchronous=${synchronous}`);
  database.exec('CREATE TABLE cases (id INTEGER PRIMARY KEY, state TEXT)');
  const insert = database.prepare('INSERT INTO cases (state) VALUES (?)');
  const update = database.prepare('UPDATE cases SET state = ? WHERE id = ?');
  const select = database.prepare('SELECT state FROM cases WHERE id = ?');

  return async () => {
    const first = new Engine({ name: 'saved', sourceContext, variables: { n: 0 } });
    const listener = new EventEmitter();
    await first.execute({ listener });
    const id = insert.run(JSON.stringify(await first.getState())).lastInsertRowid;
    await first.stop();
    let steps = 0;
    for (let waiting = true; waiting; ) {
      const state = JSON.parse(select.get(id).state);
      const engine = new Engine({ name: 'saved' }).recover(state);
      const execution = await engine.resume({ listener });
      const [task] = execution.getPostponed();
      task.owner.environment.variables.n += 1;
      task.signal();
      steps += 1;
      update.run(JSON.stringify(await engine.getState()), id);
      waiting = execution.getPostponed().length > 0;
      if (waiting) await engine.stop();
    }
    if (steps !== expected) throw new Error(`${steps} steps were counted`);
  };
}

// It has no log of its own: what it saves is the state.
const saved = (synchronous) => async (model, expected) =>
  prepareSaved(await context(model), expected, synchronous);

const measurements = {
  parse: async (model) => () => context(model),
  run: async (model, expected) => prepareRun(await context(model), expected),
  'state-off': saved('OFF'),
  'state-full': saved('FULL'),
  'journal-off': saved('OFF'),
  'journal-full': saved('FULL'),
};

await answer(measurements);
