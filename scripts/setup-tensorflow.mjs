/** `npm run setup:tensorflow`: TensorFlow for this checkout, under node_modules/.cache or where MILLRACE_TENSORFLOW says. */
process.argv.splice(2, process.argv.length, 'setup', 'tensorflow');
await import('./millrace.mjs');
