/** The name of the eye in a secret's input: without the word of the input, so that each has one name. */
export const VISIBILITY = { "aria-label": "Show or hide what is typed" };
