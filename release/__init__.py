"""What a release consists of: the wheel, folders of wheels, the list of parts and licences."""
