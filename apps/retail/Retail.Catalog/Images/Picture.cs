namespace Retail.Catalog.Images;

/// <summary>
/// A drawn picture for a product that comes without a photograph: shapes and colours that follow from its name, the same every time and
/// different for most products.
/// </summary>
internal static class Picture
{
    private const int Size = 320;

    /// <summary>Paper, a large shape and a small one; each row goes well together.</summary>
    private static readonly (int Paper, int Large, int Small)[] s_palettes =
    [
        (0xF3EDE2, 0xC46A3C, 0x2F4B4A), (0xE7EEF0, 0x3C6E8F, 0xE0A33A), (0xEEF1E4, 0x6B8E4E, 0x8C4A2F), (0xF4E9EA, 0xA8455B, 0x2D3A5A),
        (0xECE8F3, 0x6A559A, 0xD9A441), (0xE8F1EE, 0x2F7F79, 0xC8553D), (0xF2F0EC, 0x4A4A48, 0xD08C60), (0xEAF0F6, 0x27496D, 0xE27D60),
    ];

    public static byte[] Draw(string name)
    {
        var seed = Seed(name);
        var (paper, large, small) = s_palettes[seed % (uint)s_palettes.Length];
        var random = new Random((int)seed);
        var shapes = new List<(Func<double, double, double> Distance, int Color)>
        {
            (Shape(random.Next(4), 160, 165, 88 + random.Next(20)), large),
            (Shape(random.Next(4), 110 + random.Next(100), 110 + random.Next(100), 30 + random.Next(20)), small),
            (Shape(0, 70 + random.Next(40), 235 + random.Next(30), 10 + random.Next(8)), small),
        };
        var pixels = new byte[Size * Size * 3];
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                var color = paper;
                foreach (var (distance, of) in shapes)
                {
                    // The edge is one pixel wide, so it looks smooth.
                    color = Mix(color, of, Math.Clamp(0.5 - distance(x + 0.5, y + 0.5), 0, 1));
                }

                var at = ((y * Size) + x) * 3;
                (pixels[at], pixels[at + 1], pixels[at + 2]) = ((byte)(color >> 16), (byte)(color >> 8), (byte)color);
            }
        }

        return PngWriter.Write(Size, Size, pixels);
    }

    /// <summary>How far a point is from the shape's edge; negative inside.</summary>
    private static Func<double, double, double> Shape(int kind, double cx, double cy, double size) => kind switch
    {
        0 => (x, y) => Length(x - cx, y - cy) - size,
        1 => (x, y) => Box(x - cx, y - cy, size * 0.85, size * 0.7) - (size * 0.15),
        2 => (x, y) => Math.Abs(Length(x - cx, y - cy) - (size * 0.75)) - (size * 0.25),
        _ => (x, y) => Box((x - cx + (y - cy)) * Math.Sqrt(0.5), (y - cy - (x - cx)) * Math.Sqrt(0.5), size * 0.7, size * 0.7) - (size * 0.1),
    };

    private static double Length(double x, double y) => Math.Sqrt((x * x) + (y * y));

    private static double Box(double x, double y, double width, double height)
    {
        var (dx, dy) = (Math.Abs(x) - width, Math.Abs(y) - height);
        return Length(Math.Max(dx, 0), Math.Max(dy, 0)) + Math.Min(Math.Max(dx, dy), 0);
    }

    private static int Mix(int under, int over, double share)
    {
        var mixed = 0;
        for (var shift = 16; shift >= 0; shift -= 8)
        {
            var (low, high) = ((under >> shift) & 255, (over >> shift) & 255);
            mixed |= (int)Math.Round(low + ((high - low) * share)) << shift;
        }

        return mixed;
    }

    private static uint Seed(string name)
    {
        var seed = 2_166_136_261u;
        foreach (var character in name)
        {
            seed = (seed ^ character) * 16_777_619u;
        }

        return seed & 0x7FFF_FFFF;
    }
}
