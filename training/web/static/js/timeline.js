// The timeline that no language owns, as training/courses/manifest.py has it: a thousand units to a sentence.
const UNITS = 1000;

export function timeline(bounds) {
  const index = (place) => Math.max(bounds.slice(0, -1).findLastIndex((start) => start <= place), 0);
  return {
    index,
    neutral(place) {
      const at = index(place);
      return at * UNITS + Math.floor((place - bounds[at]) * UNITS / (bounds[at + 1] - bounds[at]));
    },
    own(units) {
      const at = Math.min(Math.floor(units / UNITS), bounds.length - 2);
      return bounds[at] + Math.ceil((units - at * UNITS) * (bounds[at + 1] - bounds[at]) / UNITS);
    },
  };
}

// The same time as parts that do not touch, in order.
export function union(parts) {
  const merged = [];
  for (const [from, to] of parts.filter(([one, other]) => one < other).sort((one, other) => one[0] - other[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

export function missing(parts, whole) {
  let place = 0;
  const gaps = [];
  for (const [from, to] of [...union(parts), [whole, whole]]) {
    if (from > place) gaps.push([place, from]);
    place = Math.max(place, to);
  }
  return gaps;
}
