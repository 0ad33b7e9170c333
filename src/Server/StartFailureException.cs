using Slipway.Model.Failures;

namespace Slipway.Server;

/// <summary>The server cannot start as it is configured; a restart would not mend it.</summary>
internal sealed class StartFailureException(string code, string detail) : Exception(detail)
{
    public StartFailureException(Failure failure)
        : this(failure.Code, failure.Detail)
    {
    }

    public string Code { get; } = code;
}
