// The data sets of the book that the loaders here read: official addresses, hashes, licences.
import { DataRegistry } from '../registry/registry.ts';

const hub = 'http://d2l-data.s3-accelerate.amazonaws.com';
const fashion = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com';
const multi30k =
  'https://raw.githubusercontent.com/multi30k/dataset/a3d2e0d26b56f3846f66a952536ffed4e401d05a/data/task1/raw';
const tatoeba =
  'Sentence pairs from Tatoeba (tatoeba.org) as prepared by www.manythings.org/anki, CC-BY 2.0 FR';

/** Compressed sizes and digests of the Multi30k files, from its repository. */
const multi30kFiles: [name: string, bytes: number, sha256: string][] = [
  ['train.cs.gz', 593827, 'a65adb8b32e3bc664f21ecba7a6e7f6950fd1f405e135f7c312faabdb6255077'],
  ['train.de.gz', 637044, '726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6'],
  ['train.en.gz', 568929, 'd79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f'],
  ['train.fr.gz', 604242, '622e75069e9f4c577425c4f277116ce66e63a2401c0a2312d90073cb12379a3c'],
  ['val.cs.gz', 22096, 'b63226e05c4bd5dd6a42897d74b86a1b9d2c31498252c572b1ea7f7996927fcc'],
  ['val.de.gz', 24681, 'f0cba2f995189cf5770f29a8a9a537a3ad3f51657ad873405082ff6863a5e75a'],
  ['val.en.gz', 21650, '14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28'],
  ['val.fr.gz', 23001, 'ca3106f1a72390591d25f6c45cb4cd39dec4cd3f123e099748a3ce5256c160e9'],
  ['test_2016_flickr.cs.gz', 22572, '200a4a74cc9560f051924abb9803be008d1908d77f747e9141aeb86dfd2797f1'],
  ['test_2016_flickr.de.gz', 22890, '9204244e408ccb38d2a55cfcd344df15005fc42a07a6e55ca6c52b6ababb8cc8'],
  ['test_2016_flickr.en.gz', 21077, '611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9'],
  ['test_2016_flickr.fr.gz', 22310, '6d326e188d259fb1d04ac19eae3af956559b3a0b93d7635e56c90987c40c8b90'],
];

/** The registry with all data sets of the book that have loaders here. */
export const dataRegistry = new DataRegistry([
  {
    name: 'fra-eng',
    title: 'English-French sentence pairs',
    homepage: 'https://www.manythings.org/anki/',
    licence: 'CC-BY-2.0-FR',
    attribution: tatoeba,
    files: [
      { name: 'fra.txt.gz' },
      { name: 'fra.txt' },
      {
        name: 'fra-eng.zip',
        url: `${hub}/fra-eng.zip`,
        hash: 'sha1:94646ad1522d915e7b0f9296181140edcf86a4f5',
      },
    ],
  },
  {
    name: 'cmn-eng',
    title: 'English-Chinese (Mandarin) sentence pairs',
    homepage: 'https://www.manythings.org/anki/',
    licence: 'CC-BY-2.0-FR',
    attribution: tatoeba,
    files: [{ name: 'cmn.txt.gz' }, { name: 'cmn.txt' }],
  },
  {
    name: 'multi30k',
    title: 'Image captions in English, German, French and Czech',
    homepage: 'https://github.com/multi30k/dataset',
    licence: 'CC-BY-NC-SA-4.0',
    files: multi30kFiles.map(([name, bytes, sha256]) => {
      return { name, bytes, url: `${multi30k}/${name}`, hash: `sha256:${sha256}` } as const;
    }),
  },
  {
    name: 'time-machine',
    title: 'H. G. Wells, The Time Machine',
    homepage: 'https://www.gutenberg.org/ebooks/35',
    licence: 'Public domain',
    files: [
      {
        name: 'timemachine.txt',
        bytes: 178979,
        url: `${hub}/timemachine.txt`,
        hash: 'sha256:8424dbd9532ac81f7e5f0b6add90e6952baea29158309d7d1bf3884f4e12c516',
      },
    ],
  },
  {
    name: 'tiny-shakespeare',
    title: 'Plays of Shakespeare, 1.1 million characters',
    homepage: 'https://github.com/karpathy/char-rnn',
    licence: 'Public domain',
    files: [
      {
        name: 'input.txt',
        bytes: 1115394,
        url: 'https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt',
        hash: 'sha256:86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed',
      },
    ],
  },
  {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST: 70,000 grey images of clothing, 28 × 28, ten classes',
    homepage: 'https://github.com/zalandoresearch/fashion-mnist',
    licence: 'MIT',
    files: [
      ['train-images-idx3-ubyte.gz', '8d4fb7e6c68d591d4c3dfef9ec88bf0d'],
      ['train-labels-idx1-ubyte.gz', '25c81989df183df01b3e8a0aad5dffbe'],
      ['t10k-images-idx3-ubyte.gz', 'bef4ecab320f06d8554ea6380940ec79'],
      ['t10k-labels-idx1-ubyte.gz', 'bb300cfdad3c16e7a12a480ee83cd310'],
    ].map(([name, md5]) => ({ name: name!, url: `${fashion}/${name}`, hash: `md5:${md5}` }) as const),
  },
  {
    name: 'airfoil',
    title: 'NASA airfoil self-noise: 1,503 rows of 5 features and a target',
    homepage: 'https://archive.ics.uci.edu/dataset/291/airfoil+self+noise',
    licence: 'CC-BY-4.0',
    files: [
      {
        name: 'airfoil_self_noise.dat',
        bytes: 59984,
        url: `${hub}/airfoil_self_noise.dat`,
        hash: 'sha256:74c75fd71783f1e6b71f8a622b993dc592897a97cd689c5090a07147a1b097b3',
      },
    ],
  },
]);
