namespace Slipway.Identity.TwoFactor;

/// <summary>The address an authenticator app reads from the QR code.</summary>
internal static class OtpAuthUrl
{
    public static string For(string issuer, string account, string secretBase32) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={secretBase32}"
        + $"&issuer={Uri.EscapeDataString(issuer)}&algorithm=SHA1&digits={Totp.Digits}&period={(int)Totp.Step.TotalSeconds}";
}
