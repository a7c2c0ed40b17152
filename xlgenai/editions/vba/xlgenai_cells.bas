Attribute VB_Name = "xlgenai_cells"
'What a cell shows: xlwings hands errors over as text, and a failure as its message; here both become real errors.
Option Explicit
Option Private Module

'Excel's numbers of the seven errors (XlCVError).
Private Const ERROR_NULL As Long = 2000
Private Const ERROR_DIV0 As Long = 2007
Private Const ERROR_VALUE As Long = 2015
Private Const ERROR_REF As Long = 2023
Private Const ERROR_NAME As Long = 2029
Private Const ERROR_NUM As Long = 2036
Private Const ERROR_NA As Long = 2042
Private Const LARGEST_LOG As Long = 1000000

Public Function XlgenaiResult(ByVal result As Variant) As Variant
    Dim row As Long
    Dim column As Long
    If Not IsArray(result) Then
        XlgenaiResult = XlgenaiValue(result)
        Exit Function
    End If
    For row = LBound(result, 1) To UBound(result, 1)
        For column = LBound(result, 2) To UBound(result, 2)
            result(row, column) = XlgenaiValue(result(row, column))
        Next column
    Next row
    XlgenaiResult = result
End Function

Public Function XlgenaiValue(ByVal value As Variant) As Variant
    XlgenaiValue = value
    If VarType(value) <> vbString Then Exit Function
    Select Case value
        Case "#NULL!": XlgenaiValue = CVErr(ERROR_NULL)
        Case "#DIV/0!": XlgenaiValue = CVErr(ERROR_DIV0)
        Case "#VALUE!": XlgenaiValue = CVErr(ERROR_VALUE)
        Case "#REF!": XlgenaiValue = CVErr(ERROR_REF)
        Case "#NAME?": XlgenaiValue = CVErr(ERROR_NAME)
        Case "#NUM!": XlgenaiValue = CVErr(ERROR_NUM)
        Case "#N/A": XlgenaiValue = CVErr(ERROR_NA)
    End Select
End Function

Public Function XlgenaiFailure(ByVal caller As String, ByVal reason As String) As Variant
    XlgenaiLog caller & ": " & reason
    XlgenaiFailure = CVErr(ERROR_VALUE)
End Function

Public Sub XlgenaiLog(ByVal message As String)
    'A log that cannot be written must not keep a cell from showing its error.
    On Error Resume Next
    Dim path As String
    Dim size As Long
    Dim file As Integer
    path = Environ$("TEMP") & "\xlgenai.log"
    size = FileLen(path)
    If size > LARGEST_LOG Then Exit Sub
    file = FreeFile
    Open path For Append As #file
    Print #file, Format$(Now, "yyyy-mm-dd hh:mm:ss") & " " & Replace(Replace(message, vbCr, " "), vbLf, " ")
    Close #file
End Sub
