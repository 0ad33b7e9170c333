using QRCoder;

namespace Slipway.Identity.TwoFactor;

/// <summary>A picture of a text as a PNG data address, so that no other party ever sees what is in it.</summary>
internal static class QrCode
{
    private const int PixelsPerModule = 6;

    public static string PngDataUrl(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var picture = new PngByteQRCode(data);
        return "data:image/png;base64," + Convert.ToBase64String(picture.GetGraphic(PixelsPerModule));
    }
}
