namespace Slipway.Sdk.Callers;

/// <summary>Endpoints do not say who may call them, or ask for callers in a service that does not know any.</summary>
public sealed class UndeclaredAccessException(string message) : Exception(message)
{
}
