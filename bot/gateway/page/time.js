// Days and hours as Beijing has them, whatever the phone's own zone and clock.

const ZONE = 'Asia/Shanghai';

const parts = (date, options) => Object.fromEntries(new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, hourCycle: 'h23', ...options })
  .formatToParts(date).map(({ type, value }) => [type, value]));

export const day = (date) => parts(date, { year: 'numeric', month: 'numeric', day: 'numeric', weekday: 'short' });

export const clock = (date) => {
  const { hour, minute } = parts(date, { hour: '2-digit', minute: '2-digit' });
  return `${hour}:${minute}`;
};

/** When a message was said: the hour today, otherwise the day with it. */
export function when(iso, now = new Date()) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  const [then, today] = [day(at), day(now)];
  const year = then.year === today.year ? '' : `${then.year}年`;
  const date = `${year}${then.month}月${then.day}日 `;
  return (year || then.month !== today.month || then.day !== today.day ? date : '') + clock(at);
}
