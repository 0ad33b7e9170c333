using Slipway.Identity.Accounts;
using Slipway.Identity.Passkeys;

namespace Slipway.Identity.TwoFactor;

/// <summary>What a right password leads to, before any token is made.</summary>
internal enum SecondFactorNeed
{
    /// <summary>Nothing more is asked.</summary>
    None,

    /// <summary>The account has a second factor and it has not been shown yet.</summary>
    Prove,

    /// <summary>An administrator without a second factor: they may set one up and do nothing else.</summary>
    Enrol,
}

internal static class SecondFactorRule
{
    public static SecondFactorNeed Decide(bool isAdmin, bool enrolled, bool proven) => (isAdmin, enrolled, proven) switch
    {
        (_, true, false) => SecondFactorNeed.Prove,
        (true, false, _) => SecondFactorNeed.Enrol,
        _ => SecondFactorNeed.None,
    };

    /// <summary>
    /// The same about a sign-in that was made already. A passkey that verified the person is two factors by itself, with or without codes.
    /// </summary>
    public static SecondFactorNeed Of(Account account, IReadOnlyCollection<string> methods) => methods.Contains(PasskeyCeremonies.Method)
        ? SecondFactorNeed.None
        : Decide(account.Role == Roles.Admin, account.TwoFactorEnabled, methods.Contains(SecondFactors.Method));

    /// <summary>The way out is closed to administrators: without the factor they would be administrators by password alone.</summary>
    public static bool MayRemove(bool isAdmin) => !isAdmin;
}
