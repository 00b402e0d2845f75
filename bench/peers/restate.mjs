// No-op steps with Restate: its server, started here, and a service of its SDK in this process.
// Arguments: the folder of the npm packages, a folder for the server's data.
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import http2 from 'node:http2';
import { createRequire } from 'node:module';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { serve } from './worker.mjs';

// The SDK uses it; Node.js has it from version 22 on.
Promise.withResolvers ??= () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};

const [packages, folder] = process.argv.slice(2);
const restate = createRequire(`${packages}/`)('@restatedev/restate-sdk');

const noop = restate.service({
  name: 'noop',
  handlers: {
    sequential: async (ctx, steps) => {
      for (let number = 0; number < steps; number++) await ctx.run(`step ${number}`, () => number);
    },
    parallel: async (ctx, steps) => {
      await restate.RestatePromise.all(
        Array.from({ length: steps }, (_, number) => ctx.run(`step ${number}`, () => number)),
      );
    },
  },
});

const listening = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

async function freePort() {
  const server = net.createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
const log = openSync(`${folder}/restate.log`, 'a');
const server = spawn(
  `${packages}/@restatedev/restate-server-linux-x64/bin/restate-server`,
  ['--no-logo', '--listen-mode', 'tcp', '--bind-ip', '127.0.0.1', '--bind-port', String(node), '--node-name', 'bench'],
  {
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      RESTATE_BASE_DIR: `${folder}/data`,
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_DISABLE_TELEMETRY: 'true',
    },
  },
);
process.on('exit', () => server.kill('SIGKILL'));

async function post(url, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(300_000),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}

async function register(endpoint) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await post(`http://127.0.0.1:${admin}/deployments`, { uri: `http://127.0.0.1:${endpoint}` });
    } catch (error) {
      if (attempt === 120 || server.exitCode !== null)
        throw new Error(`restate-server did not get ready, see ${folder}/restate.log`, { cause: error });
      await pause(500);
    }
  }
}

await register(await listening(http2.createServer(restate.createEndpointHandler({ services: [noop], logger: () => {} }))));
const call = (shape) => (steps) => post(`http://127.0.0.1:${ingress}/noop/${shape}`, steps);
await serve({ ready: true, pids: [server.pid] }, { sequential: call('sequential'), parallel: call('parallel') }, () =>
  server.kill('SIGTERM'),
);
