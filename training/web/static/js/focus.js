// The summary of what is not right in a form is read first.
export function bind([summary]) {
  summary.focus();
}
