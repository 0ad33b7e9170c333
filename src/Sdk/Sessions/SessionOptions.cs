namespace Slipway.Sdk.Sessions;

/// <summary>How the browsers of an application sign in.</summary>
public sealed class SessionOptions
{
    /// <summary>The application as the identity service knows it.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Separated by blanks; <c>openid</c> among them.</summary>
    public string Scopes { get; set; } = "openid profile email";

    /// <summary>The services that the session's token is meant for.</summary>
    public string Audience { get; set; } = "";

    /// <summary>A session that nobody uses ends after this time.</summary>
    public TimeSpan Idle { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Every session ends after this time.</summary>
    public TimeSpan Absolute { get; set; } = TimeSpan.FromDays(14);
}
