using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Store.Writes;

/// <summary>What a write comes to, given what is there.</summary>
internal abstract record Decision
{
    public sealed record Refuse(Failure Failure) : Decision;

    /// <summary>It is there already: nothing is kept, emitted or counted.</summary>
    public sealed record Keep(Resource Current) : Decision;

    public sealed record Make(Change Change) : Decision;

    public static implicit operator Decision(Failure failure) => new Refuse(failure);
}

/// <summary>What a decision may use besides the objects: who numbers, names and dates things is decided outside.</summary>
/// <param name="Version">The version of the change, if there is one.</param>
/// <param name="Now">Whole seconds, since that is what the wire format and the database keep.</param>
internal readonly record struct DecisionContext(long Version, DateTimeOffset Now, Func<Guid> NewUid);
