namespace Slipway.Identity.Privacy;

/// <summary>What happens to the rows of a person in one table.</summary>
internal enum Treatment
{
    /// <summary>Nothing in it belongs to a person.</summary>
    NotPersonal,

    /// <summary>Deleted at erasure. Part of the export unless it holds only secrets.</summary>
    Deleted,

    /// <summary>Overwritten at erasure, because other rows point at it.</summary>
    Overwritten,

    /// <summary>Stays, because it names the person by a number only that nothing else resolves any more.</summary>
    Pseudonymous,
}

/// <param name="Member">The member of the export its rows are in, or null when a person gains nothing from them.</param>
/// <param name="Why">Why it is treated so; part of the record of processing.</param>
internal sealed record PersonalTable(string Name, Treatment Treatment, string? Member, string Why);

/// <summary>
/// Every table of this service and what it means for privacy. A table that is missing here fails a test, so nobody adds one
/// without deciding about it.
/// </summary>
internal static class PersonalTables
{
    public static IReadOnlyList<PersonalTable> All { get; } =
    [
        new("users", Treatment.Overwritten, "profile", "The account itself."),
        new("consents", Treatment.Pseudonymous, "consents", "Proof that a consent was given; holds a decision, a version and a time."),
        new("sessions", Treatment.Deleted, "sessions", "Sign-ins with network and browser."),
        new("login_events", Treatment.Deleted, "signIns", "The history of sign-ins."),
        new("api_keys", Treatment.Deleted, "apiKeys", "Keys for programs; the secret itself is not kept."),
        new("oauth_consents", Treatment.Deleted, "programs", "Programs of third parties that may act for the person."),
        new("namespace_members", Treatment.Deleted, "namespaces", "What the person may do on the platform."),
        new("two_factor", Treatment.Deleted, "twoFactor", "The second factor; its secret is not exported."),
        new("recovery_codes", Treatment.Deleted, null, "Hashes of secrets; how many are left is part of twoFactor."),
        new("passkeys", Treatment.Deleted, "passkeys", "Public keys of the person's devices."),
        new("passkey_challenges", Treatment.Deleted, null, "Questions to devices that end within five minutes."),
        new("two_factor_challenges", Treatment.Deleted, null, "Begun sign-ins that end within five minutes."),
        new("authorization_codes", Treatment.Deleted, null, "Hashes of secrets that end within a minute."),
        new("refresh_tokens", Treatment.Deleted, null, "Hashes of secrets; deleted together with their session."),
        new("one_time_tokens", Treatment.Deleted, null, "Hashes of links in mail."),
        new("registrations", Treatment.Deleted, null, "Unconfirmed sign-ups, not yet an account; they end within a day."),
        new("email_changes", Treatment.Deleted, "emailChange", "An address that was entered and has not answered yet; ends within a day."),
        new("outgoing_mail", Treatment.Deleted, null, "Mail on its way; its text is emptied once it is delivered."),
        new("erasures", Treatment.Pseudonymous, "erasure", "The list of deletions to repeat after a restore; holds a number and times."),
        new("clients", Treatment.NotPersonal, null, "Programs. Who registered one is forgotten at erasure."),
        new("failed_attempts", Treatment.NotPersonal, null, "Keyed digests of addresses and networks; end within a quarter of an hour."),
        new("signing_keys", Treatment.NotPersonal, null, "Keys of the service."),
    ];
}
