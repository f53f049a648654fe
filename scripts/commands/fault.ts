import { compileOwnContract } from '../stack/build/built-contract.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { confirm } from '../stack/environments/confirm.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { faultControl } from '../operations/faults/fault-control.ts';
import { describeFault, readFaultRequest } from '../operations/faults/fault-request.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

/** Injects a fault for a while; `OFF=1` ends it. Nothing is deployed. */
await environmentCommand('fault', async (environment, args) => {
  const isOff = flag(args.OFF, 'OFF');
  const fault = isOff ? undefined : readFaultRequest(args, Date.now(), await routeIds());
  const faults = await faultControl(environment, await readDeployment(environment));
  if (fault === undefined) {
    await faults.switchOff();
    return console.log('Faults end within two seconds.');
  }
  await confirm(environment, 'inject faults into requests of');
  await faults.switchOn(fault);
  console.log(describeFault(fault));
});

async function routeIds(): Promise<readonly string[]> {
  const { contract } = await compileOwnContract();
  return contract.routes.map(({ id }) => id);
}
