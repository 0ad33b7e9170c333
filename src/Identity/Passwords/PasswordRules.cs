using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Passwords;

/// <summary>What a new password must be: long enough and not among those that everybody tries first. No rules about kinds of characters.</summary>
internal static class PasswordRules
{
    public const int LengthMin = 8;
    public const int LengthMax = 256;

    private static readonly FrozenSet<string> s_wellKnown = new[]
    {
        "12345678", "123456789", "1234567890", "123123123", "11111111", "00000000", "88888888", "87654321", "987654321", "12341234",
        "password", "password1", "password12", "password123", "passw0rd", "p@ssw0rd", "p@ssword", "passwort", "passwort1", "passwort123",
        "qwertyui", "qwertyuiop", "qwerty12", "qwerty123", "qwertz123", "qwertzui", "1q2w3e4r", "1qaz2wsx", "q1w2e3r4", "asdfghjk",
        "asdfghjkl", "zxcvbnm1", "abcd1234", "abc12345", "abcdefgh", "iloveyou", "iloveyou1", "sunshine", "princess", "football",
        "baseball", "superman", "starwars", "whatever", "trustno1", "letmein1", "letmein123", "welcome1", "welcome123", "willkommen",
        "changeme", "changeme1", "changeme123", "computer", "internet", "michelle", "jennifer", "hallo123", "schatz123", "geheim123",
        "admin123", "admin1234", "administrator", "default1", "testtest", "test1234", "secret123", "master123", "dragon123", "monkey123",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds what is wrong with a new password to the findings of the request.</summary>
    public static void Judge(Findings findings, string pointer, string? password, string? email)
    {
        if (string.IsNullOrEmpty(password))
        {
            findings.Add(pointer, "required", "Choose a password.");
        }
        else if (password.Length < LengthMin)
        {
            findings.Add(pointer, "tooShort", $"A password has at least {LengthMin} characters.", new JsonObject { ["min"] = LengthMin });
        }
        else if (password.Length > LengthMax)
        {
            findings.Add(pointer, "tooLong", $"A password has at most {LengthMax} characters.", new JsonObject { ["max"] = LengthMax });
        }
        else if (password.Contains('\0', StringComparison.Ordinal))
        {
            findings.Add(pointer, "control", "A password cannot contain the character zero.");
        }
        else if (s_wellKnown.Contains(password) || password.Distinct().Count() == 1)
        {
            findings.Add(pointer, "wellKnown", "This password is among the first that attackers try. Choose another one.");
        }
        else if (email is not null && (password.Equals(email, StringComparison.OrdinalIgnoreCase)
            || password.Equals(email.Split('@')[0], StringComparison.OrdinalIgnoreCase)))
        {
            findings.Add(pointer, "likeEmail", "The password must differ from the e-mail address.");
        }
    }
}
