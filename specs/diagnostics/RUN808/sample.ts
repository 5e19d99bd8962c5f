import { load } from 'millrace/runtime';

export default async () => {
  const model = await load(new URL('./nowhere', import.meta.url));
  return model.predict([{ x: [1, 2] }]);
};
