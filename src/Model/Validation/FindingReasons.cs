namespace Slipway.Model.Validation;

/// <summary>The reasons of findings, as they stand in <c>details.causes</c>.</summary>
public static class FindingReasons
{
    public const string Required = "FieldValueRequired";
    public const string Invalid = "FieldValueInvalid";
    public const string NotSupported = "FieldValueNotSupported";
    public const string Forbidden = "FieldValueForbidden";
    public const string Duplicate = "FieldValueDuplicate";
}
