using Slipway.Identity.Accounts;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Administration;

internal static class RequiresAdminExtension
{
    /// <summary>
    /// Lets only administrators through whose sign-in showed a second factor. The role is the account's present one, not the token's: it
    /// may have been taken away a minute ago.
    /// </summary>
    public static TBuilder RequiresAdmin<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequiresAccount(scope).AddEndpointFilter(async (invocation, next) =>
        {
            var caller = invocation.HttpContext.Account();
            if (caller.Account.Role != Roles.Admin)
            {
                return Problem.Forbidden("This call is for administrators.").ToResult();
            }

            return caller.UsedSecondFactor
                ? await next(invocation)
                : new Problem(403, "secondFactorRequired", "A second factor is needed", "Administrators sign in with their second factor for this.").ToResult();
        });
}
