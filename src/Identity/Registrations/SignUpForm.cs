using System.Text.RegularExpressions;
using Slipway.Identity.Accounts;
using Slipway.Identity.Passwords;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Registrations;

/// <summary>Reads what people enter about themselves; every mistake is named with its field.</summary>
internal static partial class SignUpForm
{
    public const int NameMax = 100;
    public const int UsernameMin = 3;
    public const int UsernameMax = 50;

    public static string Email(Findings findings, string? value)
    {
        var email = findings.Text("/email", value, EmailAddress.LengthMax);
        if (email.Length > 0 && email.Length <= EmailAddress.LengthMax && !EmailAddress.IsWellFormed(email))
        {
            findings.Add("/email", "notAnAddress", "email must be an e-mail address such as ada@example.org.");
        }

        return email;
    }

    /// <summary>A password that is shown, not chosen: only its size is limited.</summary>
    public static string ShownPassword(Findings findings, string pointer, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            findings.Add(pointer, "required", $"{pointer[1..]} is required.");
        }
        else if (value.Length > PasswordRules.LengthMax)
        {
            findings.Add(pointer, "tooLong", $"{pointer[1..]} must have at most {PasswordRules.LengthMax} characters.");
        }

        return value ?? "";
    }

    public static string? Username(Findings findings, string? value)
    {
        var username = findings.OptionalText("/username", value, UsernameMax);
        if (username is not null && (username.Length < UsernameMin || !UsernameShape().IsMatch(username)))
        {
            findings.Add("/username", "malformed", $"username must have {UsernameMin} to {UsernameMax} letters, digits, dots, dashes or underscores, and begin with a letter or digit.");
        }

        return username;
    }

    public static string? FirstName(Findings findings, string? value) => Name(findings, "/firstName", value);

    public static string? LastName(Findings findings, string? value) => Name(findings, "/lastName", value);

    public static string Locale(Findings findings, string? value, string otherwise)
    {
        var locale = findings.OptionalText("/locale", value, 35) ?? otherwise;
        if (!LocaleShape().IsMatch(locale))
        {
            findings.Add("/locale", "malformed", "locale must be a language tag such as en or de-AT.");
        }

        return locale;
    }

    /// <summary>Names are shown in mails and pages of others, so they are one line.</summary>
    private static string? Name(Findings findings, string pointer, string? value)
    {
        var name = findings.OptionalText(pointer, value, NameMax);
        if (name is not null && name.AsSpan().IndexOfAny('\n', '\r', '\t') >= 0)
        {
            findings.Add(pointer, "control", $"{pointer[1..]} must be one line.");
        }

        return name;
    }

    [GeneratedRegex("""^[\p{L}\p{N}][\p{L}\p{N}._-]*$""", RegexOptions.CultureInvariant)]
    private static partial Regex UsernameShape();

    [GeneratedRegex("""^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$""", RegexOptions.CultureInvariant)]
    private static partial Regex LocaleShape();
}
