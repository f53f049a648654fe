import { isIPv6 } from 'node:net';

/**
 * The formats that no regular expression can check, or none in linear time. The bundle contains only those that the
 * contract uses.
 */
export { date, dateTime as 'date-time', time, duration, hostname, ipv6, regex, int32, int64 };
export { isUri as uri, isUriReference as 'uri-reference' } from './uri.ts';

const fullDate = /^(\d{4})-(\d\d)-(\d\d)$/;
const fullTime = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d):(\d\d))$/i;

/** RFC 3339 §5.6, `full-date`, for days that exist. */
const date = (text: string): boolean => {
  const [, year = 0, month = 0, day = 0] = fullDate.exec(text)?.map(Number) ?? [];
  return day >= 1 && day <= daysIn(year, month);
};

const daysIn = (year: number, month: number): number => {
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [0, 31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month] ?? 0;
};

/** RFC 3339 §5.6, `full-time`. A leap second is the last second of a day in UTC (§5.7). */
const time = (text: string): boolean => {
  const match = fullTime.exec(text);
  if (match === null) return false;
  const [, hour = 0, minute = 0, second = 0] = match.map(Number);
  const offsetHour = Number(match[5] ?? 0);
  const offsetMinute = Number(match[6] ?? 0);
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false;
  if (second < 60) return true;
  const offsetMinutes = (offsetHour * 60 + offsetMinute) * (match[4] === '-' ? -1 : 1);
  const minutesInUtc = (hour * 60 + minute - offsetMinutes + minutesOfDay) % minutesOfDay;
  return minutesInUtc === minutesOfDay - 1;
};

const minutesOfDay = 1440;

const dateTime = (text: string): boolean => {
  const [day = '', timeOfDay = ''] = text.split(/t/i, 2);
  return date(day) && time(timeOfDay) && text.length === day.length + 1 + timeOfDay.length;
};

/** RFC 3339, appendix A; the last unit has a number. */
const duration = (text: string): boolean => durationUnits.test(text) && /\d[A-Z]$/.test(text);

const durationUnits = /^P(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/;

/** RFC 1123 §2.1; a dot may end it. */
const hostname = (text: string): boolean => {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  return name.length <= 253 && name.split('.').every(isLabel);
};

const isLabel = (label: string): boolean =>
  label.length <= 63 && /^[a-z0-9-]+$/i.test(label) && !/^-|-$/.test(label);

/** RFC 4291 §2.2, without a zone, which has a meaning only on one machine. */
const ipv6 = (text: string): boolean => isIPv6(text) && !text.includes('%');

const regex = (text: string): boolean => {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

const int32 = {
  type: 'number',
  validate: (value: number): boolean => Number.isInteger(value) && value === (value | 0),
};

const int64 = {
  type: 'number',
  validate: (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= 2 ** 63,
};
