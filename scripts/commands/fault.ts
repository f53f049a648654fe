import { flag } from '../stack/command-line/arguments.ts';
import { command } from '../stack/command-line/command.ts';
import { confirm } from '../stack/environments/confirm.ts';
import { environmentArguments, readEnvironment } from '../stack/environments/environment.ts';
import { faultDesk } from '../operations/faults/fault-desk.ts';
import {
  describeFault,
  faultArguments,
  readFaultRequest,
} from '../operations/faults/fault-request.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

/** Has the gateway fail on purpose for a while, or with `OFF=1` no longer. No deploy is made. */
await command([...environmentArguments, 'OFF', ...faultArguments], async (args) => {
  const environment = readEnvironment(args);
  const isOff = flag(args.OFF, 'OFF');
  const fault = isOff ? undefined : readFaultRequest(args, Date.now());
  const desk = await faultDesk(environment, await readDeployment(environment));
  if (fault === undefined) {
    await desk.switchOff();
    return console.log('No fault is injected any more, within two seconds.');
  }
  await confirm(environment, 'inject faults into requests of');
  await desk.switchOn(fault);
  console.log(describeFault(fault));
});
