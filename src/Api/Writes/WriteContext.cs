using Slipway.Api.Access;
using Slipway.Api.Requests;

namespace Slipway.Api.Writes;

/// <summary>Who writes, where, under which name, and with which wishes.</summary>
internal sealed record WriteContext(ResourcePath Path, Caller Caller, WriteParameters Parameters, string Manager)
{
    public bool OfStatus => Path.Subresource == "status";
}
