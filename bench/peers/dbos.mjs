// No-op steps with DBOS on PostgreSQL. Arguments: the folder of the npm packages, the database's URL.
import { createRequire } from 'node:module';
import { serve } from './worker.mjs';

const [packages, systemDatabaseUrl] = process.argv.slice(2);
const { DBOS } = createRequire(`${packages}/`)('@dbos-inc/dbos-sdk');

const step = (number) => DBOS.runStep(async () => number, { name: `step ${number}` });

const sequential = DBOS.registerWorkflow(
  async (steps) => {
    for (let number = 0; number < steps; number++) await step(number);
  },
  { name: 'sequential' },
);

const parallel = DBOS.registerWorkflow(
  async (steps) => {
    const results = await Promise.allSettled(Array.from({ length: steps }, (_, number) => step(number)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  },
  { name: 'parallel' },
);

DBOS.setConfig({ name: 'bench', systemDatabaseUrl, logLevel: 'error' });
await DBOS.launch();
await serve({ ready: true, pids: [] }, { sequential: (steps) => sequential(steps), parallel: (steps) => parallel(steps) }, () => DBOS.shutdown());
