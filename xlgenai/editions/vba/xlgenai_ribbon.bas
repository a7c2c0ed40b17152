Attribute VB_Name = "xlgenai_ribbon"
'What the buttons of the tab "xlgenai" do: each is one call into Python, which shows its own messages.
Option Explicit

Public Sub XlgenaiRefresh(ByVal control As Object)
    XlgenaiRun "refresh_clicked"
End Sub

Public Sub XlgenaiCheck(ByVal control As Object)
    XlgenaiRun "check_clicked"
End Sub

Public Sub XlgenaiHelp(ByVal control As Object)
    XlgenaiRun "help_clicked"
End Sub

Private Sub XlgenaiRun(ByVal button As String)
    On Error GoTo failed
    RunPython "from xlgenai.operations import live; live." & button & "()"
    Exit Sub
failed:
    XlgenaiLog button & ": " & Err.Description
    MsgBox "Python could not be reached: " & Err.Description & vbCrLf & vbCrLf & _
        "Type ""xlgenai doctor"" in a command window: it says what is missing and how to mend it.", _
        vbExclamation, "xlgenai"
End Sub
