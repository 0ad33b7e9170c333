using System.Text.RegularExpressions;

namespace Retail.Catalog.Products;

/// <summary>Stock keeping units: up to 64 of A–Z, 0–9, hyphen, dot and underscore, compared in capitals.</summary>
internal static partial class Skus
{
    public const int LengthMax = 64;
    public const string Rule = "A SKU has 1 to 64 of A-Z, 0-9, hyphen, dot and underscore.";

    private const string Alphabet = "ABCDEFGHJKMNPQRSTVWXYZ0123456789";

    /// <summary>Null when it can be none.</summary>
    public static string? Read(string? text)
    {
        var sku = text?.Trim().ToUpperInvariant() ?? "";
        return Shape().IsMatch(sku) ? sku : null;
    }

    /// <summary>For sellers who have no numbers of their own: made of the random end of the product's id.</summary>
    public static string Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        Span<char> text = stackalloc char[12];
        var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        for (var at = 0; at < text.Length; at++)
        {
            text[at] = Alphabet[(int)(bits & 31)];
            bits >>= 5;
        }

        return $"P-{text}";
    }

    [GeneratedRegex(@"\A[A-Z0-9._-]{1,64}\z")]
    private static partial Regex Shape();
}
