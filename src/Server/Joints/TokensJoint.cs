using Slipway.Api.Tokens;
using Slipway.Control.Instances;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Server.Joints;

/// <summary>Instances get tokens of the same issuer whose tokens the API accepts.</summary>
internal sealed class TokensJoint(TokenIssuer issuer, IResourceStore store, TimeProvider time) : IServiceAccountTokens
{
    public string Issue(string @namespace, string account, string? audience, TimeSpan lifetime)
    {
        var uid = store.Get(new ResourceKey(Kinds.ServiceAccount, @namespace, account))?.Uid ?? "";
        return issuer.Issue(@namespace, account, uid, [audience ?? TokenIssuer.ApiAudience], time.GetUtcNow() + lifetime);
    }
}
