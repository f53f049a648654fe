import { type SettingsReader, tableName } from '../../environment.ts';

export interface FaultSettings {
  /** The rate-limits table, which has the switch. */
  readonly tableName: string;
}

/** Undefined if no fault can be injected. */
export const readFaultSettings = ({ read }: SettingsReader): FaultSettings | undefined => {
  const isOn = read(
    'GATEWAY_FAULT_INJECTION',
    '"true" (not "allowed") or "false" (not "refused")',
    (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
    false,
  );
  if (!isOn) return undefined;
  const wanted = 'the name of the rate-limits table';
  return { tableName: read('GATEWAY_RATELIMIT_TABLE_NAME', wanted, tableName) };
};
