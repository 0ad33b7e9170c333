namespace Retail.Catalog.Images;

/// <summary>Which kind of picture some bytes are, told by how they begin and never by what somebody calls them.</summary>
internal static class ImageKind
{
    public const int BytesMax = 2 * 1_048_576;
    public const string Allowed = "PNG, JPEG or WebP";

    /// <summary>Null for everything else. SVG is a program in disguise and is not taken.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return "image/png";
        }

        if (bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]))
        {
            return "image/jpeg";
        }

        return bytes.Length > 16 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBPVP8"u8) ? "image/webp" : null;
    }
}
