using Slipway.Identity.Accounts;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Administration;

/// <summary>What an administrator wants to change about an account; null leaves it as it is.</summary>
internal sealed record AccountChange(bool? Active = null, string? Role = null, bool Unlock = false, bool ResetTwoFactor = false)
{
    public bool IsEmpty => Active is null && Role is null && !Unlock && !ResetTwoFactor;
}

/// <summary>The picture the rules look at.</summary>
internal sealed record AccountFacts(Guid Id, string Role, bool Active, bool ErasureRequested, bool Anonymised);

internal static class AdminRules
{
    /// <summary>Null when the change may happen. <paramref name="activeAdmins"/> counts the target too.</summary>
    public static Problem? Refusal(Guid actor, AccountFacts target, AccountChange change, int activeAdmins)
    {
        if (target.Anonymised)
        {
            return Problem.Conflict("accountErased", "The account is erased", "What belonged to this account has been anonymised; nothing can be changed.");
        }

        if (change.Active == true && target.ErasureRequested)
        {
            return Problem.Conflict("erasureRequested", "The owner asked for erasure", "Only the owner can take back the request for erasure, within 30 days.");
        }

        if (change.ResetTwoFactor && actor == target.Id)
        {
            return Problem.Conflict("notYourself", "Not for your own account", "Ask another administrator to reset your second factor.");
        }

        var losesPower = target is { Role: Roles.Admin, Active: true } && (change.Active == false || change.Role is not (null or Roles.Admin));
        if (losesPower && actor == target.Id)
        {
            return Problem.Conflict("notYourself", "Not for your own account", "Ask another administrator to take your rights or to deactivate your account.");
        }

        return losesPower && activeAdmins <= 1
            ? Problem.Conflict("lastAdmin", "The last administrator", "Make somebody else an administrator first.")
            : null;
    }
}
