// Draws what /api/v1/snapshot says, once a second. Texts of processes and devices are only ever set
// as text. Rows are kept and changed, so that focus, selection and screen readers stay where they are.
'use strict';

const PERIOD_MS = 1000;
const LATE_MS = 5000;
const HISTORY_S = 60;
const GAP = 3; // so many readings that are missing break a line
const MIB = 2 ** 20;
const GIB = 2 ** 30;

const byId = (id) => document.getElementById(id);

/* ---- values as text ---- */

const percent = (value) => `${Math.round(value)}%`;
const bytes = (value) => value < GIB ? `${Math.round(value / MIB)} MiB` : `${(value / GIB).toFixed(1)} GiB`;

const words = (name) => name.replaceAll('_', ' ');

function duration(seconds) {
  const whole = Math.floor(seconds);
  const two = (number) => String(number).padStart(2, '0');
  const days = Math.floor(whole / 86400);
  const clock = `${Math.floor(whole / 3600) % 24}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return days ? `${days} d ${clock}` : clock;
}

function load(value) {
  return value >= 80 ? 'heavy' : value >= 10 ? 'moderate' : 'light';
}

/* ---- cells ---- */

function element(name, properties = {}, children = []) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

function plain(show) {
  return (cell, value) => { cell.textContent = show(value); };
}

// Two lines of it, or all if that is wanted, see the button.
function cut(cell, value) {
  cell.replaceChildren(element('span', { className: 'cut', textContent: value }));
}

function bar(text) {
  return (cell, value, row) => {
    const fill = element('span');
    fill.style.width = `${Math.max(0, Math.min(100, value))}%`;
    const track = element('span', { className: 'bar' }, [fill]);
    track.setAttribute('aria-hidden', 'true');
    cell.replaceChildren(element('b', { textContent: text(value, row) }), track);
    cell.classList.add(load(value));
  };
}

// By device: what was read and when, { at, value }, of the last minute.
const histories = new Map();
let newest = 0; // the time of the last reading, in seconds
let pace = Infinity; // the shortest time between two

// Lines of points that follow one another: where nothing was read, nothing is drawn.
function linesOf(past) {
  const lines = [];
  past.forEach((point, place) => {
    if (place === 0 || point.at - past[place - 1].at > GAP * pace)
      lines.push([]);
    lines.at(-1).push(`${(point.at - newest + HISTORY_S).toFixed(2)},${100 - point.value}`);
  });
  return lines;
}

function lineElement(space, points) {
  const line = document.createElementNS(space, 'polyline');
  line.setAttribute('points', (points.length > 1 ? points : [points[0], points[0]]).join(' '));
  return line;
}

function sparkline(cell, value, row) {
  const past = histories.get(row.key);
  const values = past.map((point) => point.value);
  const space = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(space, 'svg');
  picture.setAttribute('viewBox', `0 -4 ${HISTORY_S} 108`);
  picture.setAttribute('preserveAspectRatio', 'none');
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', `utilization, the last ${Math.round(newest - past[0].at)} seconds: ` +
    `from ${percent(Math.min(...values))} to ${percent(Math.max(...values))}`);
  picture.append(...linesOf(past).map((points) => lineElement(space, points)));
  cell.replaceChildren(picture);
  cell.classList.add(load(value));
}

const memoryText = (value, row) => `${bytes(row.memory_used)} of ${bytes(row.memory_total)}`;

const DEVICE_COLUMNS = [
  { name: 'GPU', metric: 'label', put: plain(String), is_head: true },
  { name: 'Name', metric: 'name', put: plain(String), is_wide: true },
  { name: 'State', metric: 'condition', put: plain(words) },
  { name: 'Utilization', metric: 'gpu_utilization', put: bar(percent) },
  { name: 'Last minute', metric: 'gpu_utilization', put: sparkline },
  { name: 'Memory', metric: 'memory_percent', put: bar(memoryText) },
  { name: 'Temperature', metric: 'temperature', put: plain((value) => `${value} °C`), is_number: true },
  { name: 'Power', metric: 'power_usage', put: plain((value) => `${Math.round(value / 1000)} W`), is_number: true },
  { name: 'Fan', metric: 'fan_speed', put: plain(percent), is_number: true },
];

const PROCESS_COLUMNS = [
  { name: 'GPU', metric: 'label', put: plain(String), is_head: true },
  { name: 'PID', metric: 'pid', put: plain(String), is_number: true },
  { name: 'User', metric: 'username', put: plain(String) },
  { name: 'Type', metric: 'type', put: plain(String) },
  { name: 'GPU memory', metric: 'gpu_memory', put: plain(bytes), is_number: true, is_wide: true },
  { name: 'SM', metric: 'gpu_sm_utilization', put: plain(percent), is_number: true },
  { name: 'CPU', metric: 'cpu_percent', put: plain(percent), is_number: true },
  { name: 'Host memory', metric: 'host_memory', put: plain(bytes), is_number: true, is_wide: true },
  { name: 'Time', metric: 'running_time', put: plain(duration), is_number: true },
  { name: 'Process', metric: 'command', otherwise: 'name', put: cut, is_wide: true },
];

/* ---- rows ---- */

function fillCell(cell, column, row) {
  const value = row[column.metric] ?? row[column.otherwise];
  cell.className = `${column.is_number ? 'number' : ''} ${column.is_wide ? 'wide' : ''}`;
  cell.title = '';
  if (value === undefined || value === null) {
    const why = row.unavailable?.[column.metric];
    cell.textContent = 'N/A';
    cell.classList.add('missing');
    if (why)
      cell.title = `not available: ${words(why.why)}`;
  } else {
    column.put(cell, value, row);
  }
}

function makeRow(columns) {
  return element('tr', { role: 'row' }, columns.map((column) => {
    const cell = element(column.is_head ? 'th' : 'td', { role: column.is_head ? 'rowheader' : 'cell' });
    cell.dataset.name = column.name;
    return cell;
  }));
}

function drawTable(table, columns, rows) {
  const body = table.tBodies[0];
  const kept = new Map([...body.rows].map((line) => [line.dataset.key, line]));
  rows.forEach((row, at) => {
    const line = kept.get(row.key) ?? makeRow(columns);
    kept.delete(row.key);
    line.dataset.key = row.key;
    line.classList.toggle('is-down', row.is_down === true);
    columns.forEach((column, place) => fillCell(line.cells[place], column, row));
    if (body.rows[at] !== line)
      body.insertBefore(line, body.rows[at] ?? null);
  });
  kept.forEach((line) => line.remove());
  table.hidden = rows.length === 0;
  byId(`no-${table.id}`).hidden = rows.length > 0;
}

function drawHead(table, columns) {
  table.tHead.rows[0].replaceChildren(...columns.map((column) => {
    const cell = element('th', { textContent: column.name, role: 'columnheader' });
    cell.classList.toggle('number', column.is_number === true);
    return cell;
  }));
}

/* ---- snapshots ---- */

function labelOf(index, mig) {
  return mig === null || mig === undefined ? String(index) : `${index}:${mig}`;
}

function deviceRows(snapshot) {
  return snapshot.devices.map((device) => ({
    ...device,
    key: device.uuid ?? labelOf(device.index, device.mig_index),
    label: labelOf(device.index, device.mig_index),
    is_down: device.condition !== 'ok' || device.is_stale || device.silent_since !== undefined,
  }));
}

function processRows(snapshot) {
  return (snapshot.processes ?? []).map((process) => ({
    ...process,
    key: `${process.pid} ${process.start_ticks} ${process.device}`,
    label: labelOf(process.device_index, process.device_mig_index),
    is_down: process.presence === 'gone',
  }));
}

// A reading that was told before is none; a device that is gone is forgotten.
function remember(rows, at) {
  if (at === newest)
    return;
  if (newest)
    pace = Math.min(pace, Math.abs(at - newest));
  newest = at;
  const before = new Map(histories);
  histories.clear();
  for (const row of rows) {
    const past = (before.get(row.key) ?? []).filter((point) => point.at > at - HISTORY_S && point.at < at);
    if (typeof row.gpu_utilization === 'number')
      past.push({ at, value: row.gpu_utilization });
    histories.set(row.key, past);
  }
}

function draw(snapshot) {
  const devices = deviceRows(snapshot);
  const driver = snapshot.driver;
  remember(devices, snapshot.timestamp);
  document.title = `GPUs of ${snapshot.hostname}`;
  byId('host').textContent = `of ${snapshot.hostname}`;
  byId('versions').textContent = driver.error ?? (driver.version
    ? `Driver ${driver.version}, CUDA ${driver.cuda_version ?? 'N/A'}` : 'The driver has not answered yet');
  byId('version').textContent = `nvitop ${snapshot.nvitop_version}`;
  drawTable(byId('devices'), DEVICE_COLUMNS, devices);
  drawTable(byId('processes'), PROCESS_COLUMNS, processRows(snapshot));
  byId('whole').hidden = !(snapshot.processes ?? []).some((process) => process.command);
}

/* ---- the clock ---- */

let drawn = performance.now();
let isPaused = false;

// Is anything wrong, and are the rows older than they should be?
function setState(text, isWrong, isOld = false) {
  if (byId('state').textContent !== text)
    byId('state').textContent = text;
  document.body.classList.toggle('is-wrong', isWrong);
  document.body.classList.toggle('is-old', isOld);
}

async function look() {
  try {
    const answer = await fetch('api/v1/snapshot', { signal: AbortSignal.timeout(LATE_MS), cache: 'no-store' });
    if (!answer.ok)
      throw new Error(answer.status === 503 ? (await answer.text()).trim() : `error ${answer.status}`);
    const snapshot = await answer.json();
    if (isPaused)
      return;
    draw(snapshot);
    drawn = performance.now();
    const isDown = snapshot.driver.state !== 'ok';
    setState(isDown ? `driver: ${snapshot.driver.state}` : 'live', isDown);
  } catch (error) {
    const isLost = error instanceof TypeError || error.name === 'TimeoutError';
    const seconds = Math.floor((performance.now() - drawn) / 10000) * 10;
    setState(isLost ? `no answer${seconds ? ` for ${seconds} s` : ''}` : error.message, true, true);
  }
}

async function run() {
  for (;;) {
    if (!isPaused && !document.hidden)
      await look();
    await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
  }
}

byId('pause').addEventListener('click', () => {
  isPaused = !isPaused;
  byId('pause').setAttribute('aria-pressed', String(isPaused));
  byId('pause').textContent = isPaused ? 'Go on' : 'Pause';
  if (isPaused)
    setState('paused', false);
});
byId('whole').addEventListener('click', () => {
  const isWhole = document.body.classList.toggle('is-whole');
  byId('whole').setAttribute('aria-pressed', String(isWhole));
});
drawHead(byId('devices'), DEVICE_COLUMNS);
drawHead(byId('processes'), PROCESS_COLUMNS);
run();
