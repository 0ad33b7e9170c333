namespace Slipway.Sdk.Service;

/// <summary>What the program declares of itself does not fit together, such as an endpoint nobody gave access to. Only its author can fix it.</summary>
public sealed class ServiceMistakeException(string message) : Exception(message);
