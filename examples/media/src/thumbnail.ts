import sharp from 'sharp';

export interface Thumbnail {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  /** Of the image itself, turned as it is shown. */
  readonly original: { readonly type: string; readonly width: number; readonly height: number };
}

/** The bytes are no image that can be shown. Another attempt would give the same. */
export class UnusableImage extends Error {
  override readonly name = 'UnusableImage';
}

const longestSide = 320;
/** More than cameras have. A small file can have many more, which would fill the memory once they are unpacked. */
const maxPixels = 50_000_000;

// What an image is follows from its bytes, whatever type its upload had. Each further format is code that strangers can
// reach.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});

/** WebP without the metadata of the image, such as the place where it was taken. Throws an UnusableImage. */
export const makeThumbnail = async (image: Uint8Array): Promise<Thumbnail> => {
  try {
    const loaded = sharp(image, { limitInputPixels: maxPixels, failOn: 'error' });
    const { format, autoOrient } = await loaded.metadata();
    const { data, info } = await loaded
      .autoOrient()
      .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 80 })
      .timeout({ seconds: 20 })
      .toBuffer({ resolveWithObject: true });
    return {
      bytes: data,
      width: info.width,
      height: info.height,
      original: { type: `image/${format}`, ...autoOrient },
    };
  } catch (error) {
    const { name, message } = error as Error;
    // Of WebAssembly: the library itself no longer works, in this execution environment.
    if (name === 'RuntimeError') process.exit(1);
    throw new UnusableImage(message);
  }
};
